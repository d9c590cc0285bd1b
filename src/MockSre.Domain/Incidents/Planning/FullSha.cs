using System.Security.Cryptography;
using System.Text;

namespace MockSre.Domain.Incidents.Planning;

/// <summary>
/// The 40 digits of a commit. Fixtures and runs have the first seven, Sentry expects all.
/// The other digits follow from the first seven, so a commit always has the same full SHA.
/// </summary>
public static class FullSha
{
    /// <summary>Digits of a full SHA.</summary>
    public const int Digits = 40;

    /// <summary>The full SHA of a commit.</summary>
    /// <param name="sha">Its first digits, in lower case.</param>
    public static string Of(string sha) =>
        string.Concat(sha, Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(sha)))).Remove(Digits);
}
