using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using MockSre.Domain.Signals;
using MockSre.Web.Signals;
using MockSre.Web.WebConsole.Controls;
using MockSre.Web.WebConsole.Feed;
using MudBlazor;

namespace MockSre.Web.WebConsole.Pages;

/// <summary>The inbox as Sentry would show it: issues, transactions, and one of them from within.</summary>
public sealed partial class SignalsPage
{
    /// <summary>Issues, and names of transactions, that are shown; the page says how many more there are.</summary>
    public const int MaxGroups = 50;

    // Shown as text, never as markup.
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private SignalGroups? _paused;
    private DateTimeOffset _pausedAt;
    private Signal? _signal;
    private string? _raw;
    private bool _missing;
    private string? _opened;
    private SignalDetail? _detail;
    private bool _focusDetail;

    /// <summary>The event to open, by its id.</summary>
    [SupplyParameterFromQuery]
    public string? Event { get; set; }

    [CascadingParameter]
    private ConsoleSnapshot Snapshot { get; set; } = null!;

    [Inject]
    private SignalInbox Inbox { get; set; } = null!;

    [Inject]
    private ConsoleActions Actions { get; set; } = null!;

    [Inject]
    private ConsoleRights Rights { get; set; } = null!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private SignalGroups Shown => _paused ?? Snapshot.Groups.Value;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        // With each snapshot this is called again; only another address opens another event.
        if (Event != _opened)
        {
            _opened = Event;
            Read(Event);
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // On a narrow screen what was opened stands below the list; and whoever hears the page should come to it too.
        if (_focusDetail && _signal is not null && _detail is not null)
        {
            _focusDetail = false;
            await _detail.FocusAsync();
        }
    }

    // What is no exception is grouped by all that it says, of which the title is one line: two may look the same.
    private static object? KeyOf(IssueGroup issue) => issue.Type is { } type ? (type, issue.Culprit) : null;

    private bool IsOpen(IssueGroup issue) => _signal is ErrorSignal error && error.Type == issue.Type && error.ThrownFrom == issue.Culprit
        && (error.Type is not null || IssueGroup.TitleOf(error) == issue.Title);

    private bool Is(string? eventId) => eventId is not null && eventId == _signal?.EventId;

    private void Open(string? eventId)
    {
        if (eventId is not null)
        {
            _focusDetail = true;
            Navigation.NavigateTo($"signals?event={eventId}");
        }
    }

    // What was opened stays open, also when the inbox lets it go.
    private void Read(string? eventId)
    {
        var entry = eventId is null ? null : Inbox.Find(eventId);
        _signal = entry?.Signals.FirstOrDefault(signal => signal.EventId == eventId) ?? (entry is { Signals: [var first, ..] } ? first : null);
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
            // What the inbox could read leniently is shown as it came.
            return Encoding.UTF8.GetString(json.Span);
        }
    }

    private void TogglePause()
    {
        _pausedAt = Snapshot.At;
        _paused = _paused is null ? Snapshot.Groups.Value : null;
    }

    private void Empty()
    {
        var refusal = Actions.EmptyInbox();
        Snackbar.AddRefusal(refusal);
        if (refusal is null)
        {
            // Whoever empties it wants to see it empty, paused or not.
            _paused = null;
        }
    }
}
