namespace Kta.Functional.Http

open System
open System.Runtime.CompilerServices
open Kta.Functional
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Routing
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.DependencyInjection.Extensions

/// What AddKta remembers for MapKta.
type internal KtaService = {
    Algorithm: Algorithm
    Options: KtaOptions
}

type internal Conventions(inner: IEndpointConventionBuilder list) =
    interface IEndpointConventionBuilder with
        member _.Add convention =
            for endpoint in inner do
                endpoint.Add convention

        member _.Finally convention =
            for endpoint in inner do
                endpoint.Finally convention

/// <summary>Serving an algorithm inside of an existing ASP.NET Core application.</summary>
[<Extension>]
type KtaExtensions =

    /// <summary>Registers the algorithm that <c>MapKta()</c> serves. An algorithm that is registered already stays.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="algorithm">Makes the algorithm, with services such as an HTTP client at hand.</param>
    /// <param name="configure">Changes the options; may be null.</param>
    [<Extension>]
    static member AddKta
        (
            services: IServiceCollection,
            algorithm: Func<IServiceProvider, Algorithm>,
            configure: Action<KtaOptions> | null
        ) : IServiceCollection =
        ArgumentNullException.ThrowIfNull services
        ArgumentNullException.ThrowIfNull algorithm
        let options = KtaOptions()

        match configure with
        | null -> ()
        | configure -> configure.Invoke options

        options.Validate()

        services.TryAddSingleton<KtaService>(fun provider -> {
            Algorithm = algorithm.Invoke provider
            Options = options
        })

        services

    /// <summary>Registers the algorithm that <c>MapKta()</c> serves. An algorithm that is registered already stays.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="algorithm">An algorithm with at least one step.</param>
    [<Extension>]
    static member AddKta(services: IServiceCollection, algorithm: Algorithm) : IServiceCollection =
        ArgumentNullException.ThrowIfNull algorithm
        KtaExtensions.AddKta(services, (fun _ -> algorithm), null)

    /// <summary>Serves the steps an algorithm has.</summary>
    /// <param name="endpoints">The endpoints of the application.</param>
    /// <param name="algorithm">An algorithm with at least one step.</param>
    /// <param name="options">Prefix, time limit and body size.</param>
    /// <returns>The conventions of the endpoints: attach authorization, rate limits and the like here.</returns>
    /// <exception cref="T:Kta.Functional.IllegalStateException">The algorithm has no step.</exception>
    [<Extension>]
    static member MapKta
        (endpoints: IEndpointRouteBuilder, algorithm: Algorithm, options: KtaOptions)
        : IEndpointConventionBuilder =
        ArgumentNullException.ThrowIfNull endpoints
        ArgumentNullException.ThrowIfNull algorithm
        ArgumentNullException.ThrowIfNull options

        Conventions [
            for path, serve in StepEndpoints.ofAlgorithm algorithm options do
                endpoints.Map(path, serve).WithDisplayName($"KTA {path}")
        ]

    /// <summary>Serves the steps an algorithm has, with the default options.</summary>
    /// <param name="endpoints">The endpoints of the application.</param>
    /// <param name="algorithm">An algorithm with at least one step.</param>
    /// <returns>The conventions of the endpoints: attach authorization, rate limits and the like here.</returns>
    /// <exception cref="T:Kta.Functional.IllegalStateException">The algorithm has no step.</exception>
    [<Extension>]
    static member MapKta(endpoints: IEndpointRouteBuilder, algorithm: Algorithm) : IEndpointConventionBuilder =
        KtaExtensions.MapKta(endpoints, algorithm, KtaOptions())

    /// <summary>Serves the steps of the algorithm that <c>services.AddKta(…)</c> has registered.</summary>
    /// <param name="endpoints">The endpoints of the application.</param>
    /// <returns>The conventions of the endpoints: attach authorization, rate limits and the like here.</returns>
    /// <exception cref="T:Kta.Functional.IllegalStateException">There is no algorithm, or it has no step.</exception>
    [<Extension>]
    static member MapKta(endpoints: IEndpointRouteBuilder) : IEndpointConventionBuilder =
        ArgumentNullException.ThrowIfNull endpoints

        match box (endpoints.ServiceProvider.GetService<KtaService>()) with
        | :? KtaService as service -> KtaExtensions.MapKta(endpoints, service.Algorithm, service.Options)
        | _ ->
            raise (
                IllegalStateException
                    "There is no algorithm to map. Call services.AddKta(algorithm) before the application is built, or endpoints.MapKta(algorithm)."
            )
