using System.Text.Json;
using MockSre.Domain.Fixtures;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;

namespace MockSre.Domain.Tests.Times;

[Collection(OtherTimeZone.Alone)]
public sealed class UtcTimeConverterTests : IDisposable
{
    private readonly OtherTimeZone _zone = new();

    public static TheoryData<JsonSerializerOptions> Forms => [IncidentJson.Options, IncidentJson.Strict];

    public void Dispose() => _zone.Dispose();

    [Fact]
    public void OtherTimeZone_IsEightHoursEast() => Assert.Equal(TimeSpan.FromHours(8), TimeZoneInfo.Local.BaseUtcOffset);

    [Theory]
    [MemberData(nameof(Forms))]
    public void Read_WithoutAnOffset_IsUtc(JsonSerializerOptions form)
    {
        Assert.Equal(At("2026-11-27T10:18:36Z"), JsonSerializer.Deserialize<DateTimeOffset>("\"2026-11-27T10:18:36\"", form));
        Assert.Equal(At("2026-11-27T00:00:00Z"), JsonSerializer.Deserialize<DateTimeOffset?>("\"2026-11-27\"", form));
    }

    [Theory]
    [InlineData("2026-11-27T10:18:36Z", "2026-11-27T10:18:36Z")]
    [InlineData("2026-11-27T10:18:36.1250+00:00", "2026-11-27T10:18:36.125Z")]
    [InlineData("2026-11-27T10:18:36+08:00", "2026-11-27T02:18:36Z")]
    [InlineData("0001-01-01T00:00:00+00:00", "0001-01-01T00:00:00Z")]
    public void Write_AnyTime_EndsInZ(string read, string written) =>
        Assert.Equal(
            $"\"{written}\"",
            JsonSerializer.Serialize(
                JsonSerializer.Deserialize<DateTimeOffset>($"\"{read}\"", IncidentJson.Options), IncidentJson.Options));

    [Theory]
    [InlineData("\"yesterday\"")]
    [InlineData("7")]
    [InlineData("null")]
    public void Read_WhatIsNoTime_IsWrongJson(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<DateTimeOffset>(json, IncidentJson.Options));

    [Fact]
    public void Read_AnEventOfAnEarlierVersion_IsAsItWas()
    {
        var happened = JsonSerializer.Deserialize<IncidentEvent>(
            """{"kind":"state","at":"2026-03-12T09:00:00+00:00","state":"abandoned","closed":"finished"}""", IncidentJson.Options);

        Assert.Equal(new IncidentEvent.StateChanged(At("2026-03-12T09:00:00Z"), IncidentState.Abandoned, CloseReason.Finished), happened);
    }

    [Fact]
    public void ReadCommits_TimestampsWithoutAnOffset_AreUtc()
    {
        using var directory = new FixtureDirectory();
        directory.Write(
            FixtureReader.CommitsFile,
            """
            [{ "sha": "0000002", "timestamp": "2026-03-12T10:00:02", "author": "A <a@example.com>", "message": "Two",
               "files_changed": ["c"] }]
            """);

        var commits = directory.Reader.ReadCommits().Value;

        Assert.Equal(At("2026-03-12T10:00:02Z"), commits[0].Timestamp);
    }

    private static DateTimeOffset At(string utc) => DateTimeOffset.Parse(utc, null);
}
