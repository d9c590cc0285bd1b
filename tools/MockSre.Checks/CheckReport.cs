using System.Globalization;

namespace MockSre.Checks;

/// <summary>The results of checks.</summary>
internal sealed class CheckReport
{
    /// <summary>The default time limit of a part.</summary>
    private static readonly TimeSpan PartLimit = TimeSpan.FromSeconds(60);

    private readonly List<(string Check, string Expected, string Seen, bool Ok)> _rows = [];

    /// <summary>Runs one part, whose rows stay together. An exception fails only that part. Thread-safe.</summary>
    /// <param name="limit">The time limit; null for a minute.</param>
    public async Task RunAsync(string part, Func<CheckReport, Task> checks, TimeSpan? limit = null)
    {
        Console.Error.WriteLine($"checking {part} ...");
        var own = new CheckReport();
        try
        {
            await checks(own).WaitAsync(limit ?? PartLimit);
        }
        catch (Exception e)
        {
            own.Add(part, "to run to its end", $"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}", ok: false);
        }

        lock (_rows)
        {
            lock (own._rows)
            {
                _rows.AddRange(own._rows);
            }
        }
    }

    public void Add(string check, string expected, string seen, bool ok)
    {
        lock (_rows)
        {
            _rows.Add((check, expected, seen, ok));
        }
    }

    public void Add(string check, string expected, FormattableString seen, bool ok) =>
        Add(check, expected, seen.ToString(CultureInfo.InvariantCulture), ok);

    /// <returns>The exit code.</returns>
    public int Print()
    {
        var rows = _rows.Select(row => new[] { row.Check, row.Expected, row.Seen, row.Ok ? "ok" : "FAILED" });
        Table.Print(["check", "expected", "seen", ""], [.. rows]);
        var failed = _rows.Count(row => !row.Ok);
        Console.WriteLine($"{_rows.Count - failed} checks passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }
}
