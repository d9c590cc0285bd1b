using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Load;

namespace MockSre.Domain.Incidents.Running;

/// <summary>Decides whether the service of a run has recovered.</summary>
/// <remarks>Only what came after the last change counts. Times are seconds from the start of the run.</remarks>
/// <param name="hasBursts">Whether the export takes connections in bursts.</param>
public sealed class RecoveryJudge(ServiceLevel level, bool hasBursts)
{
    /// <summary>The service level must be kept for this long, in real time at any pace.</summary>
    public static readonly TimeSpan MinTime = TimeSpan.FromSeconds(30);

    public const int MinRequests = 150;

    /// <summary>Bursts of the export that must have ended meanwhile.</summary>
    public const int MinBursts = 2;

    private readonly Queue<double> _bursts = new();
    private long _burstsSeen;
    private double _changedAtS;

    public void Changed(double nowS)
    {
        _changedAtS = nowS;
        _burstsSeen = 0;
        _bursts.Clear();
    }

    /// <summary>Dates the bursts of the current deployment. Call it once a second.</summary>
    /// <param name="bursts">Bursts of the current deployment that have ended.</param>
    public void CountBursts(double nowS, long bursts)
    {
        for (; _burstsSeen < bursts; _burstsSeen++)
        {
            _bursts.Enqueue(nowS);
        }

        while (_bursts.TryPeek(out var oldest) && nowS - oldest > 2 * MinTime.TotalSeconds)
        {
            _bursts.Dequeue();
        }
    }

    /// <param name="figures">The figures of the last <see cref="MinTime"/>, and of at least <see cref="MinRequests"/> requests.</param>
    public IncidentState Judge(IncidentState state, double nowS, RequestFigures figures)
    {
        var isKept = level.IsKeptBy(figures);
        if (state == IncidentState.Recovered)
        {
            return isKept ? IncidentState.Recovered : IncidentState.Investigating;
        }

        var span = figures.Age > MinTime ? figures.Age : MinTime;
        return isKept
            && span <= TimeSpan.FromSeconds(nowS - _changedAtS)
            && figures.Count >= MinRequests
            && (!hasBursts || _bursts.Count(at => nowS - at <= span.TotalSeconds) >= MinBursts)
            ? IncidentState.Recovered
            : IncidentState.Investigating;
    }
}
