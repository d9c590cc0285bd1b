using MockSre.Web.Tests.Browser;

namespace MockSre.Web.Tests.Proxy;

/// <summary>A fact that needs a browser and nginx. Without them it is skipped, unless REQUIRE_CHROMIUM=1 or REQUIRE_NGINX=1.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NginxFactAttribute : FactAttribute
{
    public NginxFactAttribute() => Skip = ReasonToSkip();

    public static string? ReasonToSkip() =>
        BrowserFactAttribute.ReasonToSkip() ?? ReasonToSkip(Nginx.Find(), Environment.GetEnvironmentVariable("REQUIRE_NGINX"));

    public static string? ReasonToSkip(string? nginx, string? required) => nginx is null && required != "1" ? Nginx.HowToGet : null;
}

/// <summary>A theory that needs a browser and nginx, skipped like a fact.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NginxTheoryAttribute : TheoryAttribute
{
    public NginxTheoryAttribute() => Skip = NginxFactAttribute.ReasonToSkip();
}

/// <summary>When tests that need nginx are skipped.</summary>
public sealed class NginxAttributeTests
{
    [Theory]
    [InlineData("/usr/sbin/nginx", null)]
    [InlineData("/usr/sbin/nginx", "1")]
    [InlineData(null, "1")]
    public void ReasonToSkip_NginxThereOrRequired_IsNone(string? nginx, string? required) =>
        Assert.Null(NginxFactAttribute.ReasonToSkip(nginx, required));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    public void ReasonToSkip_NoNginx_SaysHowToGetOne(string? required) =>
        Assert.Contains("apt-get install nginx", NginxFactAttribute.ReasonToSkip(nginx: null, required), StringComparison.Ordinal);
}
