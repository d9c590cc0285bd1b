using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace MockSre.Testing;

/// <summary>A connection that only has states: open, broken, disposed.</summary>
public sealed class FakeConnection : DbConnection
{
    private volatile ConnectionState _state = ConnectionState.Open;

    public bool IsDisposed { get; private set; }

    [AllowNull]
    public override string ConnectionString { get; set; } = "";

    public override string Database => "";

    public override string DataSource => "";

    public override string ServerVersion => "";

    public override ConnectionState State => _state;

    public void Break() => _state = ConnectionState.Broken;

    public override void Open() => _state = ConnectionState.Open;

    public override void Close() => _state = ConnectionState.Closed;

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => throw new NotSupportedException();

    protected override DbCommand CreateDbCommand() => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        Close();
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
