using MudBlazor;
using MudBlazor.Utilities;

namespace MockSre.Web.WebConsole.Layout;

/// <summary>Colours and fonts, light and dark. All text has a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3).</summary>
internal static class ConsoleTheme
{
    private static readonly string[] Fonts = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#1d5fc2",
            PrimaryContrastText = "#ffffff",
            Secondary = "#5b4bb7",
            Info = "#1d5fc2",
            Success = "#17784a",
            SuccessContrastText = "#ffffff",
            Warning = "#8f5600",
            WarningContrastText = "#ffffff",
            Error = "#bf2630",
            ErrorContrastText = "#ffffff",
            Background = "#f3f5f8",
            BackgroundGray = "#e9edf2",
            Surface = "#ffffff",
            TextPrimary = "#121c26",
            TextSecondary = "#4b5a69",
            TextDisabled = "#5d6a77",
            ActionDefault = "#4b5a69",
            ActionDisabled = "#5d6a77",
            LinesDefault = "#d8dfe6",
            LinesInputs = "#7b8997",
            TableLines = "#e3e8ee",
            Divider = "#d8dfe6",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#82b5ff",
            PrimaryContrastText = "#0b1016",
            Secondary = "#b9a9ff",
            Info = "#82b5ff",
            Success = "#4fcb8f",
            SuccessContrastText = "#0b1016",
            Warning = "#f2b550",
            WarningContrastText = "#0b1016",
            Error = "#ff8388",
            ErrorContrastText = "#0b1016",
            Background = "#0c1116",
            BackgroundGray = "#10161d",
            Surface = "#151c23",
            TextPrimary = "#e9eff5",
            TextSecondary = "#a6b4c1",
            TextDisabled = "#94a2af",
            ActionDefault = "#a6b4c1",
            ActionDisabled = "#94a2af",
            LinesDefault = "#28323c",
            LinesInputs = "#6e7d8b",
            TableLines = "#222b34",
            Divider = "#28323c",
        },
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

    // MudThemeProvider's names.
    private static string Variables(Palette palette) => string.Concat(new (string Name, MudColor Colour)[]
    {
        ("background", palette.Background),
        ("background-gray", palette.BackgroundGray),
        ("surface", palette.Surface),
        ("text-primary", palette.TextPrimary),
        ("text-secondary", palette.TextSecondary),
        ("lines-default", palette.LinesDefault),
        ("lines-inputs", palette.LinesInputs),
        ("table-lines", palette.TableLines),
        ("primary", palette.Primary),
        ("primary-text", palette.PrimaryContrastText),
        ("success", palette.Success),
        ("warning", palette.Warning),
        ("error", palette.Error),
    }.Select(variable => $"--mud-palette-{variable.Name}: {variable.Colour.ToString(MudColorOutputFormats.RGBA)}; "));
}
