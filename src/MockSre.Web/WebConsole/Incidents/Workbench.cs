using Microsoft.AspNetCore.Components;

namespace MockSre.Web.WebConsole.Incidents;

/// <summary>What the viewer can do with evidence: cite it, and act on it.</summary>
/// <param name="IsOpen">Whether the run is open. A closed run takes neither.</param>
/// <param name="Locked">Whether the viewer may not cite evidence, or not yet.</param>
/// <param name="ActLocked">Whether the viewer may not act, or not yet.</param>
/// <param name="Cite">Cites a piece of evidence, or removes the citation.</param>
public sealed record Workbench(
    DiagnosisDraft Draft, bool IsOpen, bool Locked, bool ActLocked, EventCallback<string> Cite, EventCallback<RepairAction> Act);
