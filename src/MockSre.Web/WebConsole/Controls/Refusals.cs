using MudBlazor;

namespace MockSre.Web.WebConsole.Controls;

internal static class Refusals
{
    /// <summary>Shows why a click was refused. Null shows nothing.</summary>
    public static void AddRefusal(this ISnackbar snackbar, string? refusal)
    {
        if (refusal is not null)
        {
            snackbar.Add(refusal, Severity.Warning);
        }
    }
}
