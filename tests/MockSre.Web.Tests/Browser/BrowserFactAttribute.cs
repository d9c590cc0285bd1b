using MockSre.Checks;

namespace MockSre.Web.Tests.Browser;

/// <summary>A fact that takes a browser: skipped where there is none, unless REQUIRE_CHROMIUM=1 says that there must be.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = ReasonToSkip();

    public static string? ReasonToSkip() => ReasonToSkip(Chromium.Find(), Environment.GetEnvironmentVariable("REQUIRE_CHROMIUM"));

    public static string? ReasonToSkip(string? chromium, string? required) =>
        chromium is null && required != "1" ? Chromium.HowToGet : null;
}

/// <summary>The same for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = BrowserFactAttribute.ReasonToSkip();
}
