using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace MockSre.Web.Tests.Browser;

/// <summary>Finds with axe what people with a disability would stumble over.</summary>
internal static class Axe
{
    private static readonly string[] Grave = ["serious", "critical"];

    // All other rules look at the markup, which is the same in both looks.
    private static readonly AxeRunOptions Contrast =
        new() { RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast"] } };

    /// <summary>The serious and critical problems of the page: in the dark look those of contrast, in the light look all.</summary>
    public static async Task<IEnumerable<string>> FindAsync(IPage page, ColorScheme look, string where)
    {
        var result = look == ColorScheme.Dark ? await page.RunAxe(Contrast) : await page.RunAxe();
        Assert.NotEmpty(result.Passes);
        return result.Violations.Where(violation => Grave.Contains(violation.Impact))
            .SelectMany(violation => violation.Nodes.Select(node => $"{where}: {violation.Id}, {violation.Help}: {node.Html}"));
    }
}
