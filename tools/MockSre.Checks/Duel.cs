namespace MockSre.Checks;

/// <summary>Compares two servers with the same answers. Short rounds alternate, so that other load affects both alike.</summary>
internal static class Duel
{
    private const int Rounds = 10;
    private static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(3);

    /// <summary>The columns of <see cref="Run"/>.</summary>
    public static string[] Header { get; } = ["median of rounds", "service", "bare", "ratio", "lowest", "highest", "to reach"];

    /// <param name="name">The name of the comparison in the table.</param>
    /// <param name="service">Requests to the service.</param>
    /// <param name="bare">Requests to the bare host.</param>
    /// <param name="toReach">The target for the ratio of requests a second; null for none.</param>
    /// <returns>Rows of the table.</returns>
    public static IEnumerable<string[]> Run(string name, RequestStream service, RequestStream bare, double? toReach)
    {
        Console.Error.WriteLine($"measuring {name} ...");
        service.Run(WarmUpTime);
        bare.Run(WarmUpTime);
        var rounds = new List<(Round Service, Round Bare)>();
        for (var number = 0; number < Rounds; number++)
        {
            // The sides take turns at going first.
            var bareFirst = number % 2 == 0 ? bare.Run(RoundTime) : null;
            var serviceRound = service.Run(RoundTime);
            rounds.Add((serviceRound, bareFirst ?? bare.Run(RoundTime)));
        }

        yield return Row($"{name}: requests a second", round => round.PerSecond, toReach);
        yield return Row($"{name}: server's processor time a request, us", round => round.ServerMicroseconds, toReach: null);
        yield return Row($"{name}: client's share of all processor time", round => round.ClientShare, toReach: null);

        string[] Row(string title, Func<Round, double> figure, double? toReach)
        {
            var ratios = rounds.Select(round => figure(round.Service) / figure(round.Bare)).ToList();
            return
            [
                title,
                Numbers.Text(Numbers.Median(rounds.Select(round => figure(round.Service)))),
                Numbers.Text(Numbers.Median(rounds.Select(round => figure(round.Bare)))),
                Numbers.Text(Numbers.Median(ratios)),
                Numbers.Text(ratios.Min()),
                Numbers.Text(ratios.Max()),
                toReach is null ? "" : $"{Numbers.Text(toReach.Value)}: {(Numbers.Median(ratios) >= toReach ? "reached" : "MISSED")}",
            ];
        }
    }
}
