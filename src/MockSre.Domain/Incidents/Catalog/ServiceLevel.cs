using System.Text.Json.Serialization;

namespace MockSre.Domain.Incidents.Catalog;

/// <summary>What the users of the service are promised.</summary>
/// <param name="ErrorRate">The share of errors that is not exceeded, 0 to 1.</param>
/// <param name="P95Ms">The latency in milliseconds that 95 of 100 requests do not exceed.</param>
public sealed record ServiceLevel(double ErrorRate, double P95Ms)
{
    /// <summary>Whether figures keep it.</summary>
    public bool IsKeptBy(Load.RequestFigures figures) =>
        figures.ErrorRate <= ErrorRate && (figures.P95?.TotalMilliseconds ?? 0) <= P95Ms;

    /// <summary>After how long a request without an answer counts as slow.</summary>
    [JsonIgnore]
    public TimeSpan Patience => TimeSpan.FromMilliseconds(P95Ms);
}

/// <summary>Something that can be measured of requests.</summary>
public enum Measure
{
    /// <summary>Share of answers with a status from 500, 0 to 1.</summary>
    ErrorRate,

    /// <summary>The latency that 95 of 100 requests do not exceed, in milliseconds.</summary>
    P95Ms,

    /// <summary>Share of answers with a status from 400 to 499, 0 to 1.</summary>
    RefusedRate,
}

/// <summary>A limit that a measure can cross.</summary>
/// <param name="Measure">What is measured.</param>
/// <param name="Above">It must be more than this.</param>
public sealed record Condition(Measure Measure, double Above)
{
    /// <summary>The measure's value.</summary>
    public static double ValueOf(Measure measure, Load.RequestFigures figures) => measure switch
    {
        Measure.ErrorRate => figures.ErrorRate,
        Measure.P95Ms => figures.P95?.TotalMilliseconds ?? 0,
        Measure.RefusedRate => figures.RefusedRate,
        _ => throw new ArgumentOutOfRangeException(nameof(measure)),
    };

    /// <summary>Whether figures cross it.</summary>
    public bool IsMetBy(Load.RequestFigures figures) => figures.Count > 0 && ValueOf(Measure, figures) > Above;
}
