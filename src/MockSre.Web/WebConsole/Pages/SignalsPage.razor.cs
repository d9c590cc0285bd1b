using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Components;
using MockSre.Web.Signals;
using MockSre.Web.WebConsole.Controls;
using MockSre.Web.WebConsole.Feed;
using MudBlazor;

namespace MockSre.Web.WebConsole.Pages;

/// <summary>The inbox as Sentry would show it: issues, transactions, and the details of one of them.</summary>
public sealed partial class SignalsPage
{
    /// <summary>Most issues, and most transaction names, on the page. The page says how many more there are.</summary>
    public const int MaxGroups = 50;

    // The JSON is shown as text, never as markup.
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private SignalGroups? _paused;
    private DateTimeOffset _pausedAt;
    private Signal? _signal;
    private string? _raw;
    private bool _missing;
    private string? _opened;
    private SignalDetail? _detail;
    private bool _focusDetail;

    /// <summary>The id of the event to open.</summary>
    [SupplyParameterFromQuery] public string? Event { get; set; }

    [CascadingParameter] private ConsoleSnapshot Snapshot { get; set; } = null!;
    [Inject] private SignalInbox Inbox { get; set; } = null!;
    [Inject] private ConsoleActions Actions { get; set; } = null!;
    [Inject] private ConsoleRights Rights { get; set; } = null!;
    [Inject] private ISnackbar Snackbar { get; set; } = null!;
    [Inject] private NavigationManager Navigation { get; set; } = null!;

    private SignalGroups Shown => _paused ?? Snapshot.Groups.Value;

    private string Status => (_paused is null ? "live" : $"paused at {Figures.Time(_pausedAt)} UTC")
        + (Shown.Evicted > 0 ? $"; {Figures.Count(Shown.Evicted)} older envelopes evicted" : "");

    protected override void OnParametersSet()
    {
        // Called with each snapshot. Only a new address opens another event.
        if (Event != _opened)
        {
            _opened = Event;
            Read(Event);
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // On a narrow screen the details are below the list. The focus also takes screen readers there.
        if (_focusDetail && _signal is not null && _detail is not null)
        {
            _focusDetail = false;
            await _detail.FocusAsync();
        }
    }

    // A message without an exception type is grouped by its whole text, so two titles can be equal.
    private static object? KeyOf(IssueGroup issue) => issue.Type is { } type ? (type, issue.Culprit) : null;

    private bool IsOpen(IssueGroup issue) => _signal is ErrorSignal error && error.Type == issue.Type && error.ThrownFrom == issue.Culprit
        && (error.Type is not null || IssueGroup.TitleOf(error) == issue.Title);

    private bool IsOpen(TransactionSignal transaction) => transaction.EventId is { } id && id == _signal?.EventId;

    private static string? Current(bool isOpen) => isOpen ? "true" : null;

    private static string Summary(TransactionGroup group) =>
        $"{Figures.Many(group.Count, "transaction")}, p50 {Figures.Latency(group.P50.TotalMilliseconds)}, "
        + $"p95 {Figures.Latency(group.P95.TotalMilliseconds)}, {Figures.Share(group.FailureRate)} failed. Slowest:";

    private static string Note(IssueGroup issue) =>
        $"{issue.Culprit} · {Figures.Time(issue.FirstSeen)} to {Figures.Time(issue.LastSeen)} UTC"
        + $" · release {string.Join(", ", issue.Releases.Select(release => release.Value))}";

    private static string Note(TransactionSignal transaction) =>
        $"{transaction.HttpStatus} · {Figures.Instant(transaction.Started)} UTC"
        + $" · {transaction.Tags.GetValueOrDefault(SignalNames.ModeTag)}";

    private void Open(string? eventId)
    {
        if (eventId is not null)
        {
            _focusDetail = true;
            Navigation.NavigateTo($"signals?event={eventId}");
        }
    }

    // An open event stays open when the inbox evicts it.
    private void Read(string? eventId)
    {
        var entry = eventId is null ? null : Inbox.Find(eventId);
        _signal = entry?.Signals.FirstOrDefault(signal => signal.EventId == eventId)
            ?? (entry is { Signals: [var first, ..] } ? first : null);
        _raw = entry is not null && EnvelopeExport.Payload(entry) is { } payload ? Indent(payload) : null;
        _missing = eventId is not null && _signal is null;
        _focusDetail &= _signal is not null;
    }

    private static string Indent(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return JsonSerializer.Serialize(document, Indented);
        }
        catch (JsonException)
        {
            // The inbox accepts some invalid JSON. It is shown unchanged.
            return Encoding.UTF8.GetString(json.Span);
        }
    }

    private void TogglePause()
    {
        _pausedAt = Snapshot.At;
        _paused = _paused is null ? Snapshot.Groups.Value : null;
    }

    private async Task ClearAsync()
    {
        var refusal = await Actions.EmptyInboxAsync();
        Snackbar.AddRefusal(refusal);
        if (refusal is null)
        {
            // Show the empty inbox, even while paused.
            _paused = null;
        }
    }
}
