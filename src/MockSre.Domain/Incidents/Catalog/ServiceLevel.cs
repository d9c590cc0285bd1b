namespace MockSre.Domain.Incidents.Catalog;

/// <param name="ErrorRate">0 to 1.</param>
public sealed record ServiceLevel(double ErrorRate, double P95Ms)
{
    public bool IsKeptBy(Load.RequestFigures figures) => figures.ErrorRate <= ErrorRate && (figures.P95?.TotalMilliseconds ?? 0) <= P95Ms;

    /// <summary>A request without an answer counts as slow after this time.</summary>
    [JsonIgnore]
    public TimeSpan Patience => TimeSpan.FromMilliseconds(P95Ms);
}

public enum Measure
{
    /// <summary>Share of answers with a status from 500, 0 to 1.</summary>
    ErrorRate,

    /// <summary>The 95th percentile of latency, in milliseconds.</summary>
    P95Ms,

    /// <summary>Share of answers with a status from 400 to 499, 0 to 1.</summary>
    RefusedRate,
}

public sealed record Condition(Measure Measure, double Above)
{
    public static double ValueOf(Measure measure, Load.RequestFigures figures) => measure switch
    {
        Measure.ErrorRate => figures.ErrorRate,
        Measure.P95Ms => figures.P95?.TotalMilliseconds ?? 0,
        Measure.RefusedRate => figures.RefusedRate,
        _ => throw new ArgumentOutOfRangeException(nameof(measure)),
    };

    /// <summary>Whether the figures are above the threshold. Never without requests.</summary>
    public bool IsMetBy(Load.RequestFigures figures) => figures.Count > 0 && ValueOf(Measure, figures) > Above;
}
