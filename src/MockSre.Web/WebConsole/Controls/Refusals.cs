using MudBlazor;

namespace MockSre.Web.WebConsole.Controls;

/// <summary>Tells a person why a click did nothing.</summary>
internal static class Refusals
{
    /// <summary>Shows a refusal, if there is one.</summary>
    public static void AddRefusal(this ISnackbar snackbar, string? refusal)
    {
        if (refusal is not null)
        {
            snackbar.Add(refusal, Severity.Warning);
        }
    }
}
