using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace MockSre.Web.WebConsole.Controls;

/// <summary>Fires requests and shows their results, keeps traffic on, and resets the service.</summary>
public sealed partial class LoadPanel
{
    private int? _requests = LoadPlan.ClosedLoop.DefaultRequests;
    private int? _concurrency = LoadPlan.ClosedLoop.DefaultConcurrency;
    private bool? _wanted;

    /// <summary>The newest load with a fixed number of requests; null before any.</summary>
    [Parameter, EditorRequired] public LoadReport? Burst { get; set; }

    /// <summary>The running load without an end, if any.</summary>
    [Parameter, EditorRequired] public LoadReport? Traffic { get; set; }

    [Parameter, EditorRequired] public bool Locked { get; set; }

    [Inject] private ConsoleActions Actions { get; set; } = null!;
    [Inject] private ISnackbar Snackbar { get; set; } = null!;
    [Inject] private IDialogService Dialogs { get; set; } = null!;

    private LoadReport? Running => Burst is { State: LoadState.Running } ? Burst : null;

    private bool FieldsLocked => Locked || Running is not null;

    private int Done => Burst is null ? 0 : Burst.Answers + Burst.NoAnswer;

    // Null if a field holds no number.
    private LoadPlan.ClosedLoop? Wanted =>
        _requests is { } requests && _concurrency is { } concurrency ? new LoadPlan.ClosedLoop(requests, concurrency) : null;

    private string FireLabel => _requests is { } requests ? $"Fire {Figures.Many(requests, "request")}" : "Fire requests";

    private string TrafficText => Traffic switch
    {
        { Plan: LoadPlan.OpenLoop plan } => $"{plan.Rate} requests a second, {Figures.Count(Traffic.Sent)} so far"
            + (Traffic.Skipped > 0 ? $", {Figures.Count(Traffic.Skipped)} skipped" : ""),
        _ => $"{LoadPlan.OpenLoop.DefaultRate} requests a second until switched off",
    };

    // Screen readers announce each change, so it holds no figure that changes every second.
    private string Headline(LoadPlan.ClosedLoop plan) => Burst!.State switch
    {
        LoadState.Running => $"Firing {Figures.Many(plan.Requests, "request")}, {plan.Concurrency} at a time",
        LoadState.Cancelled => $"Cancelled after {Figures.Many(Burst.Answers, "answer")} of {Figures.Count(plan.Requests)}",
        _ => $"{Figures.Many(plan.Requests, "request")} fired: {Answers()}",
    };

    private string Answers() =>
        string.Join(", ", Burst!.ByStatus.OrderBy(pair => pair.Key).Select(pair => $"{Figures.Count(pair.Value)} × {pair.Key}"));

    private static string ClassOf(int status) => status >= 500 ? "bad" : status == 200 ? "good" : "";

    private static string WholeNumber(int most) => $"A whole number from 1 to {Figures.Count(most)}";

    private async Task FireAsync()
    {
        if (Wanted is { } plan)
        {
            Snackbar.AddRefusal(await Actions.StartAsync(plan));
        }
    }

    private async Task CancelAsync(string id) => Snackbar.AddRefusal(await Actions.CancelAsync(id));

    private async Task KeepTrafficAsync(bool on)
    {
        // The switch has already moved, and moves back only if its value changes. So it gets the wanted state first, then the real one.
        _wanted = on;
        await Task.Yield();
        try
        {
            Snackbar.AddRefusal(
                on ? await Actions.StartAsync(new LoadPlan.OpenLoop(LoadPlan.OpenLoop.DefaultRate))
                : Traffic is { } traffic ? await Actions.CancelAsync(traffic.Id)
                : null);
        }
        finally
        {
            _wanted = null;
        }
    }

    private async Task ResetAsync()
    {
        const string Consequence = "Stops all loads, sets mode none, and clears the cache, figures and inbox.";
        if (await Dialogs.ShowMessageBoxAsync("Reset everything?", Consequence, yesText: "Reset", cancelText: "Keep") == true)
        {
            Snackbar.AddRefusal(await Actions.ResetAsync());
        }
    }
}
