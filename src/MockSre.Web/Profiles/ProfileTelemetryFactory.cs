namespace MockSre.Web.Profiles;

/// <summary>Creates a telemetry receiver for one profile request; null if it does not report this request.</summary>
internal delegate IProfileTelemetry? ProfileTelemetryFactory(HttpContext context, Deployment deployment);
