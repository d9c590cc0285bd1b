using System.Globalization;

namespace MockSre.Checks;

/// <summary>What was checked, and what was seen.</summary>
internal sealed class CheckReport
{
    /// <summary>A part that has not ended by then has failed, where it has no limit of its own.</summary>
    private static readonly TimeSpan PartLimit = TimeSpan.FromSeconds(60);

    private readonly List<(string Check, string Expected, string Seen, bool Ok)> _rows = [];

    /// <summary>Runs one part; whatever goes wrong in it fails that part alone. Parts may run side by side.</summary>
    /// <param name="limit">How long it may take; null for a minute.</param>
    public async Task RunAsync(string part, Func<CheckReport, Task> checks, TimeSpan? limit = null)
    {
        Console.Error.WriteLine($"checking {part} ...");
        try
        {
            await checks(this).WaitAsync(limit ?? PartLimit);
        }
        catch (Exception e)
        {
            Add(part, "to run to its end", $"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}", ok: false);
        }
    }

    public void Add(string check, string expected, string seen, bool ok)
    {
        lock (_rows)
        {
            _rows.Add((check, expected, seen, ok));
        }
    }

    public void Add(string check, string expected, FormattableString seen, bool ok) => Add(check, expected, seen.ToString(CultureInfo.InvariantCulture), ok);

    /// <summary>Prints everything.</summary>
    /// <returns>The exit code.</returns>
    public int Print()
    {
        Table.Print(["check", "expected", "seen", ""], [.. _rows.Select(row => new[] { row.Check, row.Expected, row.Seen, row.Ok ? "ok" : "FAILED" })]);
        var failed = _rows.Count(row => !row.Ok);
        Console.WriteLine($"{_rows.Count - failed} checks passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }
}
