using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Primitives;

namespace MockSre.Web.Http;

/// <summary>Refuses unknown, repeated and empty query parameters, which would otherwise be ignored.</summary>
internal static class StrictQuery
{
    private const int MaxShownName = 80;

    /// <summary>Makes all endpoints of a group strict. An endpoint knows the parameters that its handler binds from the query.</summary>
    public static RouteGroupBuilder WithStrictQuery(this RouteGroupBuilder group)
    {
        ((IEndpointConventionBuilder)group).Finally(endpoint => endpoint.Metadata.Add(KnownParameters.Of((RouteEndpointBuilder)endpoint)));
        return group.ProducesProblem(StatusCodes.Status400BadRequest);
    }

    /// <summary>Checks the query before a strict endpoint runs.</summary>
    public static void UseStrictQuery(this IApplicationBuilder app) => app.Use((context, next) =>
        context.Request.QueryString.HasValue
        && context.GetEndpoint()?.Metadata.GetMetadata<KnownParameters>() is { } known
        && Check(context.Request.Query, known.Names) is { } refusal
            ? refusal.ToProblem().ExecuteAsync(context)
            : next(context));

    private static Refusal? Check(IQueryCollection query, IReadOnlyList<string> known)
    {
        foreach (var (name, values) in query)
        {
            // Binding ignores case.
            if (!known.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                return Invalid("Unknown parameter", $"{Shorten(name)} is not a query parameter of this endpoint. {Explain(known)}");
            }

            if (values.Count > 1)
            {
                return Invalid("Repeated parameter", $"{name} is given {values.Count} times. Give it once.");
            }

            if (StringValues.IsNullOrEmpty(values))
            {
                return Invalid("Empty parameter", $"{name} has no value. Give it one, or leave it out.");
            }
        }

        return null;

        static Refusal Invalid(string title, string detail) => new(RefusalKind.Invalid, title, detail);
    }

    private static string Explain(IReadOnlyList<string> known) =>
        known.Count == 0 ? "It takes none." : $"It takes {string.Join(", ", known)}.";

    private static string Shorten(string name) =>
        name.Length == 0 ? "A parameter without a name" : name.Length <= MaxShownName ? name : name[..MaxShownName] + "…";

    private sealed record KnownParameters(IReadOnlyList<string> Names)
    {
        public static KnownParameters Of(RouteEndpointBuilder endpoint) => new(
        [
            .. endpoint.Metadata.OfType<IParameterBindingMetadata>()
                .Where(parameter => IsFromQuery(parameter, endpoint.RoutePattern.GetParameter(parameter.Name) is not null))
                .Select(parameter => NameOf(parameter) ?? parameter.Name),
        ]);

        // The binder's rule: a parameter that is not in the route and is a string or parsable.
        private static bool IsFromQuery(IParameterBindingMetadata parameter, bool isInRoute)
        {
            var attributes = parameter.ParameterInfo.GetCustomAttributes(inherit: false);
            return attributes.OfType<IFromQueryMetadata>().Any()
                || (!isInRoute
                    && !parameter.HasBindAsync
                    && (parameter.HasTryParse || parameter.ParameterInfo.ParameterType == typeof(string))
                    && !attributes.Any(attribute => attribute
                        is IFromRouteMetadata or IFromHeaderMetadata or IFromFormMetadata or IFromBodyMetadata or IFromServiceMetadata));
        }

        private static string? NameOf(IParameterBindingMetadata parameter) =>
            parameter.ParameterInfo.GetCustomAttributes(inherit: false).OfType<IFromQueryMetadata>().FirstOrDefault()?.Name;
    }
}
