using Microsoft.AspNetCore.Components;

namespace MockSre.Web.WebConsole.Controls;

/// <summary>The details of an error or a transaction.</summary>
public sealed partial class SignalDetail
{
    private ElementReference _title;

    [Parameter, EditorRequired] public Signal Signal { get; set; } = null!;

    /// <summary>The payload as JSON; null if the inbox evicted it.</summary>
    [Parameter, EditorRequired] public string? Raw { get; set; }

    /// <summary>The issue of an error; null for a transaction.</summary>
    [Parameter] public IssueGroup? Issue { get; set; }

    public ValueTask FocusAsync() => _title.FocusAsync();

    private string Title => Signal switch
    {
        ErrorSignal error => IssueGroup.TitleOf(error),
        _ => Signal.Transaction ?? TransactionGroup.Unnamed,
    };

    private IEnumerable<KeyValuePair<string, string>> Properties()
    {
        yield return new("at", $"{Figures.Instant(Signal.At)} UTC");
        foreach (var (name, value) in new[]
                 {
                     ("release", Signal.Release),
                     ("environment", Signal.Environment),
                     ("transaction", Signal is ErrorSignal ? Signal.Transaction : null),
                     ("status", (Signal as TransactionSignal)?.Status),
                     ("trace", Signal.TraceId),
                     ("event", Signal.EventId),
                 })
        {
            if (value is not null)
            {
                yield return new(name, value);
            }
        }

        if (Signal is TransactionSignal { DatabaseReads: { } reads })
        {
            yield return new("db.reads", reads.ToString(CultureInfo.InvariantCulture));
        }

        foreach (var number in (Signal as ErrorSignal)?.Numbers ?? new Dictionary<string, string>())
        {
            yield return number;
        }

        foreach (var tag in Signal.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal))
        {
            yield return tag;
        }
    }
}
