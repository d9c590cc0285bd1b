namespace MockSre.Domain.Profiles;

/// <summary>A user as the API shows it.</summary>
/// <param name="UserId">1 to 10 in the seeded database.</param>
/// <param name="Username">Short unique name.</param>
/// <param name="DisplayName">Name for people.</param>
/// <param name="Email">Address in a domain reserved for examples (RFC 2606).</param>
/// <param name="Plan">Subscription: free, team or enterprise.</param>
/// <param name="JoinedAt">When the account was made, UTC.</param>
/// <param name="LastActivity">The newest thing the user did; null for none.</param>
public sealed record UserProfile(
    int UserId,
    string Username,
    string DisplayName,
    string Email,
    string Plan,
    DateTime JoinedAt,
    ProfileActivity? LastActivity);

/// <summary>Something a user did.</summary>
/// <param name="Kind">What it was, such as <c>login</c>.</param>
/// <param name="OccurredAt">When, UTC.</param>
public sealed record ProfileActivity(string Kind, DateTime OccurredAt);
