namespace MockSre.Investigator;

internal static class Report
{
    public static void Print(Incident incident)
    {
        if (incident.Score is not { } score)
        {
            Console.WriteLine("No score: this run could not be investigated.");
            return;
        }

        Console.WriteLine(FormattableString.Invariant($"Score {score.Total:0.00}"));
        foreach (var part in score.Parts)
        {
            Console.WriteLine(FormattableString.Invariant($"  {part.Name,-12} {part.Value:0.00} x {part.Weight:0.00}  {part.Reason}"));
        }

        Console.WriteLine("Trivial investigators on the same run:");
        foreach (var beside in score.Beside)
        {
            Console.WriteLine(FormattableString.Invariant($"  {beside.Total:0.00}  {beside.Name}"));
        }
    }
}
