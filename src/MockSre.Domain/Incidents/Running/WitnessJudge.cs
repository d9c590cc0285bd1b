using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Load;

namespace MockSre.Domain.Incidents.Running;

/// <summary>Decides whether a run's fault had its effect before the investigation. A run without the effect is invalid.</summary>
public sealed class WitnessJudge(ScenarioWitness rule, ServiceLevel level)
{
    private bool _isWitnessed;
    private bool _isLevelBroken;

    /// <summary>Whether the run is valid so far. A level that had to be kept may still break after it was witnessed.</summary>
    public bool IsValid => _isWitnessed && !(rule.Kept && _isLevelBroken);

    /// <summary>Judges the figures of the rule's window. Call it once a second until the investigation begins.</summary>
    /// <param name="figures">The figures of the last <see cref="ScenarioWitness.WindowS"/> seconds.</param>
    /// <param name="isInjected">Whether the first planned deploy of the run is out.</param>
    /// <returns>True once: when the effect is seen for the first time.</returns>
    public bool Judge(double nowS, RequestFigures figures, bool isInjected, bool hasAlert)
    {
        _isLevelBroken |= nowS > rule.WindowS && !level.IsKeptBy(figures);
        var isSeen = rule.Kept ? !_isLevelBroken && hasAlert : isInjected && rule.Reached.All(condition => condition.IsMetBy(figures));
        var isFirst = isSeen && !_isWitnessed;
        _isWitnessed |= isSeen;
        return isFirst;
    }
}
