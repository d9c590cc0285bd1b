using System.Text.Json;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace MockSre.Web.Tests.Browser;

/// <summary>Finds accessibility problems with axe.</summary>
/// <remarks>Not with the library for Playwright, which opens another page for each result and takes four times as long.</remarks>
internal static class Axe
{
    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    private static readonly string[] Grave = ["serious", "critical"];

    // Only these rules depend on colours. All others check the markup, which is the same in the light and the dark look.
    private static readonly string[] Colours = ["color-contrast", "link-in-text-block"];

    /// <summary>The serious and critical problems of the page. All rules run in the light look, only colour rules in the dark.</summary>
    public static async Task<IEnumerable<string>> FindAsync(IPage page, ColorScheme look, string where)
    {
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            await page.EvaluateAsync(Script);
        }

        var result = await page.EvaluateAsync<JsonElement>(
            """
            async rules => {
              const all = await axe.run({ resultTypes: ['violations'], runOnly: rules ?? undefined });
              return { passes: all.passes.length, violations: all.violations };
            }
            """,
            look == ColorScheme.Dark ? Colours : null);
        Assert.True(result.GetProperty("passes").GetInt32() > 0);
        return result.GetProperty("violations").EnumerateArray()
            .Where(violation => Grave.Contains(violation.GetProperty("impact").GetString()))
            .SelectMany(violation => violation.GetProperty("nodes").EnumerateArray().Select(node =>
                $"{where}: {violation.GetProperty("id")}, {violation.GetProperty("help")}: {node.GetProperty("html")}"));
    }
}
