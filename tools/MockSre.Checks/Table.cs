namespace MockSre.Checks;

/// <summary>Prints rows of text in columns.</summary>
internal static class Table
{
    public static void Print(string[] header, IReadOnlyCollection<string[]> rows)
    {
        var widths = header.Select((title, column) => rows.Select(row => row[column].Length).Append(title.Length).Max()).ToArray();
        PrintRow(header);
        PrintRow([.. widths.Select(width => new string('-', width))]);
        foreach (var row in rows)
        {
            PrintRow(row);
        }

        void PrintRow(string[] cells) =>
            Console.WriteLine(string.Join("  ", cells.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
