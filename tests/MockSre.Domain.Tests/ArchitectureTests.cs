using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnit;
using MockSre.Domain.Faults;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace MockSre.Domain.Tests;

public sealed class ArchitectureTests
{
    private const string Root = "MockSre.Domain";

    private static readonly System.Reflection.Assembly Domain = typeof(FailureMode).Assembly;
    private static readonly Architecture Architecture = new ArchLoader().LoadAssemblies(Domain).Build();

    [Fact]
    public void Domain_ItsReferences_AreTheRuntimeACacheAndHistograms() =>
        Assert.All(
            Domain.GetReferencedAssemblies().Select(reference => reference.Name!),
            name => Assert.True(
                (name.StartsWith("System.", StringComparison.Ordinal) && !name.StartsWith("System.Web", StringComparison.Ordinal))
                || name.StartsWith("Microsoft.Extensions.Caching.", StringComparison.Ordinal)
                || name is "Microsoft.Extensions.Options" or "HdrHistogram",
                name));

    [Fact]
    public void Profiles_TheRequestsPath_KnowsNothingOfFailures() =>
        Types().That().ResideInNamespace($"{Root}.Profiles").Should()
            .NotDependOnAny(Types().That().ResideInNamespace($"{Root}.Faults"))
            .Because("Sentry shows the signatures on a request's stack")
            .Check(Architecture);

    [Theory]
    [InlineData("Profiles")]
    [InlineData("Traffic")]
    [InlineData("Load")]
    public void FailureMode_OutsideFaultsAndFixtures_IsNotUsed(string folder) =>
        Types().That().ResideInNamespace($"{Root}.{folder}").Should()
            .NotDependOnAny(typeof(FailureMode), typeof(Modes), typeof(DeploymentChange))
            .Because("only traits decide what happens to a request")
            .Check(Architecture);

    [Fact]
    public void FailureMode_EveryUser_StandsInAKnownFolder()
    {
        var users = Types().That().DependOnAny(typeof(FailureMode)).GetObjects(Architecture);

        Assert.NotEmpty(users);
        Assert.All(users, user => Assert.Contains(user.Namespace.FullName, new[] { $"{Root}.Faults", $"{Root}.Fixtures" }));
    }

    [Fact]
    public void ModeNames_OutsideTheTableAndTheFaults_AreNotWritten()
    {
        var names = Modes.All.Where(mode => !mode.IsHealthy).Select(mode => $"\"{mode.Name}\"").ToList();
        var files = Directory.EnumerateFiles(Repository.PathOf("src"), "*.*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".razor" or ".js" && !file.Contains("/obj/", StringComparison.Ordinal))
            .Where(file => names.Exists(File.ReadAllText(file).Contains))
            .Select(file => Path.GetRelativePath(Repository.PathOf("src/MockSre.Domain/Faults"), file));

        Assert.Equal(["CacheOff/CacheOffFault.cs", "Modes.cs"], files.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Folders_OfTheDomain_FormNoCircle() =>
        Graph(Root).AddUsings("src/MockSre.Domain").RequireNoCircle();

    [Fact]
    public void Rooms_OfIncidents_FormNoCircle() =>
        Graph($"{Root}.Incidents").AddUsings("src/MockSre.Domain/Incidents").RequireNoCircle();

    private static FolderGraph Graph(string root) => new FolderGraph(root).AddTypes(
        Architecture.Types.SelectMany(type => type.Dependencies.Select(dependency => (type.FullName, dependency.Target.FullName))));
}
