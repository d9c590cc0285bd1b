namespace MockSre.Web.WebConsole.Incidents;

/// <param name="Cells">One for each run, in the order of the runs.</param>
public sealed record ComparisonRow(string Name, IReadOnlyList<ComparisonCell> Cells)
{
    public static IReadOnlyList<ComparisonRow> Of(IReadOnlyList<IncidentHeader> runs)
    {
        var parts = runs.SelectMany(run => run.Score?.Parts ?? []).Select(part => part.Name).Distinct();
        return
        [
            Plain("scenario", run => run.Title),
            Plain("seed", run => run.Seed.ToString(CultureInfo.InvariantCulture)),
            Plain("pace", run => IncidentWords.Of(run.Pace)),
            Plain("blind", run => run.IsBlind ? "yes" : "no"),
            Plain("ended", run => run.Closed is { } why ? $"{IncidentWords.Of(run.State)}, {IncidentStep.WhyClosed(why)}" : Figures.None),
            Measured("score", run => run.Score?.Total, Points, most: true),
            .. parts.Select(name => Measured(
                name.Replace('_', ' '), run => run.Score?.Parts.FirstOrDefault(part => part.Name == name)?.Value, Points, most: true)),
            Plain(ScorePanel.AlertAfter, run => ScorePanel.Span(run.Score?.DetectS)),
            Measured("time to diagnose", run => run.Score?.DiagnoseS, ScorePanel.Span, most: false),
            Measured("time to repair", run => run.Score?.RepairS, ScorePanel.Span, most: false),
            Plain("diagnoses", run => run.Score is { } score ? Figures.Count(score.DiagnosesGiven) : Figures.None),
            Plain("best simple strategy", run => run.Score?.Beside.MaxBy(one => one.Total) is { } best
                ? $"{ScorePanel.Points(best.Total)}, {best.Name.Replace('_', ' ')}"
                : Figures.None),
        ];

        ComparisonRow Plain(string name, Func<IncidentHeader, string> text) =>
            new(name, [.. runs.Select(run => new ComparisonCell(text(run), IsBest: false))]);

        ComparisonRow Measured(string name, Func<IncidentHeader, double?> value, Func<double?, string> text, bool most)
        {
            var values = runs.Select(value).ToList();
            var (least, best) = most ? (values.Min(), values.Max()) : (values.Max(), values.Min());
            return new ComparisonRow(
                name, [.. values.Select(one => new ComparisonCell(text(one), one is not null && one == best && best != least))]);
        }

        static string Points(double? share) => share is { } value ? ScorePanel.Points(value) : Figures.None;
    }
}

/// <param name="IsBest">Whether no other run is better, and at least one is worse.</param>
public sealed record ComparisonCell(string Text, bool IsBest);
