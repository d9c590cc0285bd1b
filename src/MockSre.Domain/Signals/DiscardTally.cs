namespace MockSre.Domain.Signals;

/// <summary>Counts discarded signals by reason and category, up to a limit of kinds. The owner's lock guards it.</summary>
internal sealed class DiscardTally
{
    private readonly Dictionary<(string Reason, string Category), long> _quantities = [];

    public void Add(DiscardedSignals discarded)
    {
        var pair = (Cut(discarded.Reason), Cut(discarded.Category));
        if (!_quantities.ContainsKey(pair) && _quantities.Count >= SignalInbox.MaxDiscardKinds)
        {
            pair = (SignalInbox.OtherDiscards, SignalInbox.OtherDiscards);
        }

        var sum = _quantities.GetValueOrDefault(pair);
        _quantities[pair] = sum > long.MaxValue - discarded.Quantity ? long.MaxValue : sum + discarded.Quantity;
    }

    public void Clear() => _quantities.Clear();

    public IReadOnlyList<DiscardedSignals> List() =>
    [
        .. _quantities.Select(kind => new DiscardedSignals(kind.Key.Reason, kind.Key.Category, kind.Value))
            .OrderByDescending(kind => kind.Quantity)
            .ThenBy(kind => kind.Reason, StringComparer.Ordinal)
            .ThenBy(kind => kind.Category, StringComparer.Ordinal),
    ];

    private static string Cut(string word) => word.Length <= SignalInbox.MaxDiscardWord ? word : word[..SignalInbox.MaxDiscardWord];
}
