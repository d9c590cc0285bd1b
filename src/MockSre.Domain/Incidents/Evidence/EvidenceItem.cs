using MockSre.Domain.Incidents.Catalog;

namespace MockSre.Domain.Incidents.Evidence;

/// <summary>A piece of evidence that a diagnosis can cite. Its properties are facts: answer keys match their JSON names.</summary>
/// <param name="Id">Cite it by this id.</param>
public abstract record EvidenceItem([property: JsonIgnore] EvidenceKind Kind, [property: JsonPropertyOrder(-3)] string Id)
{
    private protected static string IdOf(FormattableString id) => FormattableString.Invariant(id);
}
