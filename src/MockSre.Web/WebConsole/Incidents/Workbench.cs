using Microsoft.AspNetCore.Components;
using MockSre.Domain.Incidents.Evidence;

namespace MockSre.Web.WebConsole.Incidents;

/// <summary>What can be done with a piece of evidence.</summary>
/// <param name="Draft">The diagnosis so far.</param>
/// <param name="IsOpen">Whether the run is open, so that anything can be done.</param>
/// <param name="Locked">Whether whoever looks may not cite, or not yet.</param>
/// <param name="ActLocked">Whether whoever looks may not act, or not yet.</param>
/// <param name="Cite">Cites a piece of evidence, or no longer.</param>
/// <param name="Act">Does something to the service.</param>
public sealed record Workbench(DiagnosisDraft Draft, bool IsOpen, bool Locked, bool ActLocked, EventCallback<string> Cite, EventCallback<RepairAction> Act);
