using MudBlazor;
using MudBlazor.Utilities;

namespace MockSre.Web.WebConsole.Layout;

/// <summary>Colours and fonts, light and dark. All text has a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3).</summary>
internal static class ConsoleTheme
{
    private static readonly string[] Fonts = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = Colours<PaletteLight>(
            primary: "#1d5fc2", secondary: "#5b4bb7", success: "#17784a", warning: "#8f5600", error: "#bf2630", contrast: "#ffffff",
            background: "#f3f5f8", gray: "#e9edf2", surface: "#ffffff", text: "#121c26", softText: "#4b5a69", disabled: "#5d6a77",
            line: "#d8dfe6", inputLine: "#7b8997", tableLine: "#e3e8ee"),
        PaletteDark = Colours<PaletteDark>(
            primary: "#82b5ff", secondary: "#b9a9ff", success: "#4fcb8f", warning: "#f2b550", error: "#ff8388", contrast: "#0b1016",
            background: "#0c1116", gray: "#10161d", surface: "#151c23", text: "#e9eff5", softText: "#a6b4c1", disabled: "#94a2af",
            line: "#28323c", inputLine: "#6e7d8b", tableLine: "#222b34"),
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Fonts, FontSize = "1rem", LetterSpacing = "normal" },
            Button = new ButtonTypography { TextTransform = "none", FontWeight = "600", FontSize = "1rem", LetterSpacing = "normal" },
        },
    };

    /// <summary>The colours for pages without a circuit. On other pages, MudThemeProvider overrides them.</summary>
    public static string Css { get; } =
        $$"""
        :where(html) { color-scheme: light; {{Variables(Theme.PaletteLight)}} }
        @media (prefers-color-scheme: dark) {
          :where(html:not([data-theme="light"])) { color-scheme: dark; {{Variables(Theme.PaletteDark)}} }
        }
        :where(html[data-theme="dark"]) { color-scheme: dark; {{Variables(Theme.PaletteDark)}} }
        """;

    private static T Colours<T>(
        string primary, string secondary, string success, string warning, string error, string contrast, string background, string gray,
        string surface, string text, string softText, string disabled, string line, string inputLine, string tableLine)
        where T : Palette, new() => new()
        {
            Primary = primary,
            PrimaryContrastText = contrast,
            Secondary = secondary,
            Info = primary,
            Success = success,
            SuccessContrastText = contrast,
            Warning = warning,
            WarningContrastText = contrast,
            Error = error,
            ErrorContrastText = contrast,
            Background = background,
            BackgroundGray = gray,
            Surface = surface,
            TextPrimary = text,
            TextSecondary = softText,
            TextDisabled = disabled,
            ActionDefault = softText,
            ActionDisabled = disabled,
            LinesDefault = line,
            LinesInputs = inputLine,
            TableLines = tableLine,
            Divider = line,
        };

    // MudThemeProvider's names.
    private static string Variables(Palette palette) => string.Concat(new (string Name, MudColor Colour)[]
    {
        ("background", palette.Background), ("background-gray", palette.BackgroundGray), ("surface", palette.Surface),
        ("text-primary", palette.TextPrimary), ("text-secondary", palette.TextSecondary),
        ("lines-default", palette.LinesDefault), ("lines-inputs", palette.LinesInputs), ("table-lines", palette.TableLines),
        ("primary", palette.Primary), ("primary-text", palette.PrimaryContrastText),
        ("success", palette.Success), ("warning", palette.Warning), ("error", palette.Error),
    }.Select(variable => $"--mud-palette-{variable.Name}: {variable.Colour.ToString(MudColorOutputFormats.RGBA)}; "));
}
