using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Load;

namespace MockSre.Domain.Incidents.Running;

/// <summary>Decides when the alert of a run fires. Times are seconds from the start of the run.</summary>
public sealed class AlertJudge(ScenarioAlert rule)
{
    private double? _metSinceS;

    /// <summary>Judges the figures of the rule's window. Call it once a second until the alert fires.</summary>
    /// <param name="isWarm">Whether enough requests were sent for the figures to count.</param>
    /// <param name="figures">The figures of the last <see cref="ScenarioAlert.WindowS"/> seconds.</param>
    public FiredAlert? Judge(double nowS, bool isWarm, RequestFigures figures)
    {
        var isMet = isWarm && rule.Condition.IsMetBy(figures);
        _metSinceS = isMet ? _metSinceS ?? nowS : null;
        return (isMet && nowS >= rule.EarliestS) || nowS >= rule.LatestS
            ? new FiredAlert(_metSinceS ?? nowS, Math.Round(Condition.ValueOf(rule.Condition.Measure, figures), 4), isMet)
            : null;
    }
}

/// <param name="SinceS">Since when the condition is met, in seconds from the start of the run.</param>
/// <param name="IsMeasured">Whether the condition was met. False if the alert fired because its time was up.</param>
public sealed record FiredAlert(double SinceS, double Value, bool IsMeasured);
