using MockSre.Checks;

namespace MockSre.Web.Tests.Browser;

/// <summary>A fact that needs a browser. Without one it is skipped, unless REQUIRE_CHROMIUM=1.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = ReasonToSkip();

    public static string? ReasonToSkip() => ReasonToSkip(Chromium.Find(), Environment.GetEnvironmentVariable("REQUIRE_CHROMIUM"));

    public static string? ReasonToSkip(string? chromium, string? required) =>
        chromium is null && required != "1" ? Chromium.HowToGet : null;
}

/// <summary>A theory that needs a browser, skipped like a fact.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = BrowserFactAttribute.ReasonToSkip();
}
