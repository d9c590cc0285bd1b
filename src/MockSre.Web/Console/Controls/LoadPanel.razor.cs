using System.Globalization;
using Microsoft.AspNetCore.Components;
using MockSre.Domain.Load;
using MudBlazor;

namespace MockSre.Web.Console.Controls;

/// <summary>Fires a number of requests and shows how they fare, keeps some traffic on, and takes everything back to the beginning.</summary>
public sealed partial class LoadPanel
{
    private int _requests = LoadPlan.ClosedLoop.DefaultRequests;
    private int _concurrency = LoadPlan.ClosedLoop.DefaultConcurrency;

    /// <summary>The newest load with an end; null before any.</summary>
    [Parameter, EditorRequired]
    public LoadReport? Burst { get; set; }

    /// <summary>The load without an end that runs; null for none.</summary>
    [Parameter, EditorRequired]
    public LoadReport? Traffic { get; set; }

    /// <summary>The time, UTC, for how long a load has taken so far.</summary>
    [Parameter, EditorRequired]
    public DateTimeOffset Now { get; set; }

    /// <summary>Whether nothing can be changed.</summary>
    [Parameter, EditorRequired]
    public bool Locked { get; set; }

    [Inject]
    private ConsoleActions Actions { get; set; } = null!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    private LoadReport? Running => Burst is { State: LoadState.Running } ? Burst : null;

    private int Done => Burst is null ? 0 : Burst.ByStatus.Values.Sum() + Burst.NoAnswer;

    private string FireLabel => string.Create(CultureInfo.InvariantCulture, $"Fire {_requests} {(_requests == 1 ? "request" : "requests")}");

    private string TrafficText => Traffic switch
    {
        { Plan: LoadPlan.OpenLoop plan } => string.Create(
            CultureInfo.InvariantCulture, $"{plan.Rate} requests a second, {Traffic.Sent:N0} so far{(Traffic.Skipped > 0 ? $", {Traffic.Skipped:N0} skipped" : "")}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{LoadPlan.OpenLoop.DefaultRate} requests a second until switched off"),
    };

    // Said aloud when it changes, so it holds no figure that changes each second.
    private string Headline(LoadPlan.ClosedLoop plan) => Burst!.State switch
    {
        LoadState.Running => string.Create(CultureInfo.InvariantCulture, $"Firing {Figures.Many(plan.Requests, "request")}, {plan.Concurrency} at a time"),
        LoadState.Cancelled => string.Create(CultureInfo.InvariantCulture, $"Cancelled after {Figures.Many(Burst.ByStatus.Values.Sum(), "answer")} of {plan.Requests:N0}"),
        _ => $"{Figures.Many(plan.Requests, "request")} fired: {Answers()}",
    };

    private string Answers() => string.Join(
        ", ", Burst!.ByStatus.OrderBy(pair => pair.Key).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value:N0} × {pair.Key}")));

    private void Fire() => Snackbar.AddRefusal(Actions.Start(new LoadPlan.ClosedLoop(_requests, _concurrency)));

    private async Task CancelAsync(string id) => Snackbar.AddRefusal(await Actions.CancelAsync(id));

    private async Task KeepTrafficAsync(bool on)
    {
        if (on)
        {
            Snackbar.AddRefusal(Actions.Start(new LoadPlan.OpenLoop(LoadPlan.OpenLoop.DefaultRate)));
        }
        else if (Traffic is { } traffic)
        {
            Snackbar.AddRefusal(await Actions.CancelAsync(traffic.Id));
        }
    }

    private async Task ResetAsync()
    {
        var sure = await Dialogs.ShowMessageBoxAsync(
            "Reset everything?", "Stops every load, sets mode none, and empties cache, figures and inbox.", yesText: "Reset", cancelText: "Keep");
        if (sure == true)
        {
            Snackbar.AddRefusal(await Actions.ResetAsync());
        }
    }
}
