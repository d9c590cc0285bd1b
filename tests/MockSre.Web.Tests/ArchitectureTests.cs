using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using MockSre.Domain.Profiles;
using MockSre.Web.Profiles;

namespace MockSre.Web.Tests;

public sealed class ArchitectureTests
{
    private const string Composition = "Composition";

    private static readonly Architecture Architecture = new ArchLoader().LoadAssemblies(typeof(ProfileRequests).Assembly).Build();

    [Fact]
    public void Folders_ButComposition_FormNoCircle() => Graph().RequireNoCircle();

    [Fact]
    public void Composition_WhichSeesEverything_IsSeenByNoFolder() => Assert.Empty(Graph().UsersOf(Composition));

    [Theory]
    [InlineData("Incidents")]
    [InlineData("Load")]
    [InlineData("Signals")]
    public void Profiles_ReportingARequest_KnowNoReceiver(string folder) =>
        Assert.DoesNotContain(Graph().UsersOf(folder), use => use.StartsWith("Profiles ", StringComparison.Ordinal));

    // The members have defaults, so the compiler would not miss one.
    [Fact]
    public void ProfileRequest_EachStep_IsPassedOn() => Assert.All(
        typeof(ProfileRequest).GetInterfaceMap(typeof(IProfileTelemetry)).TargetMethods,
        method => Assert.Equal(typeof(ProfileRequest), method.DeclaringType));

    private static FolderGraph Graph() => new FolderGraph("MockSre.Web").AddTypes(Uses()).AddUsings("src/MockSre.Web")
        .WithoutUsesOf(Composition)
        .WithoutUsesOf(FolderGraph.Here);

    private static IEnumerable<(string From, string To)> Uses() =>
        Architecture.Types.SelectMany(type => type.Dependencies.Select(dependency => (type.FullName, dependency.Target.FullName)));
}
