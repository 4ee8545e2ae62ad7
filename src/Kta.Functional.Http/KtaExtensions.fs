namespace Kta.Functional.Http

open System
open System.Diagnostics.Metrics
open System.Runtime.CompilerServices
open Kta.Functional
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Routing
open Microsoft.Extensions.Configuration
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.DependencyInjection.Extensions
open Microsoft.Extensions.Hosting
open Microsoft.Extensions.Logging

/// What AddKta remembers for MapKta.
type internal KtaService = {
    Algorithm: Algorithm
    Options: KtaOptions
}

module internal KtaServices =

    /// The options with what the application's configuration says, and a way to say what has no effect.
    let configured (services: IServiceProvider) (options: KtaOptions) : KtaOptions * (ILogger -> unit) =
        match services.GetService<IConfiguration>() with
        | null -> options, ignore
        | configuration ->
            let settings = Settings(configuration, Settings.Root)
            options.With settings, settings.Report

    let log (services: IServiceProvider) (tell: ILogger -> unit) =
        match services.GetService<ILoggerFactory>() with
        | null -> ()
        | loggers -> tell (loggers.CreateLogger Log.Category)

    /// Until the application has stopped.
    let reserveThreads (services: IServiceProvider) (options: KtaOptions) =
        let reserve: IDisposable = ThreadReserve.For options

        match services.GetService<IHostApplicationLifetime>() with
        | null -> ()
        | lifetime -> lifetime.ApplicationStopped.Register(fun () -> reserve.Dispose()) |> ignore

    let optionsOf (configure: Action<KtaOptions> | null) =
        let options = KtaOptions()

        match configure with
        | null -> ()
        | configure -> configure.Invoke options

        options

    /// The endpoints that are mapped at this place already, or new ones.
    let mappedAt (endpoints: IEndpointRouteBuilder) : MappedEndpoints =
        let present =
            endpoints.DataSources
            |> Seq.tryPick (fun source ->
                match source with
                | :? MappedEndpoints as mapped -> Some mapped
                | _ -> None)

        match present with
        | Some mapped -> mapped
        | None ->
            let mapped = MappedEndpoints()
            endpoints.DataSources.Add mapped
            mapped

/// <summary>Serving an algorithm inside of an existing ASP.NET Core application.</summary>
[<Extension>]
type KtaExtensions =

    /// <summary>
    /// Registers the algorithm that <c>MapKta()</c> serves, and lets the application go on for <c>ShutdownDelay</c> after
    /// SIGTERM. An algorithm that is registered already stays.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="algorithm">Makes the algorithm, with services such as an HTTP client at hand.</param>
    /// <param name="configure">Changes the options; may be null.</param>
    /// <exception cref="T:System.ArgumentException">An option is out of its range; all of them are named.</exception>
    [<Extension>]
    static member AddKta
        (
            services: IServiceCollection,
            algorithm: Func<IServiceProvider, Algorithm>,
            configure: Action<KtaOptions> | null
        ) : IServiceCollection =
        ArgumentNullException.ThrowIfNull services
        ArgumentNullException.ThrowIfNull algorithm
        let options = KtaServices.optionsOf configure
        options.Validate()

        services.TryAddSingleton<KtaService>(fun provider -> {
            Algorithm = algorithm.Invoke provider
            Options = options
        })

        services.AddHostedService<ShutdownDelay>(fun provider ->
            let options, _ = KtaServices.configured provider options
            new ShutdownDelay(options.ShutdownDelay))

    /// <inheritdoc cref="M:Kta.Functional.Http.KtaExtensions.AddKta(Microsoft.Extensions.DependencyInjection.IServiceCollection,System.Func{System.IServiceProvider,Kta.Functional.Algorithm},System.Action{Kta.Functional.Http.KtaOptions})"/>
    [<Extension>]
    static member AddKta
        (services: IServiceCollection, algorithm: Func<IServiceProvider, Algorithm>)
        : IServiceCollection =
        KtaExtensions.AddKta(services, algorithm, null)

    /// <summary>
    /// Registers the algorithm that <c>MapKta()</c> serves, and lets the application go on for <c>ShutdownDelay</c> after
    /// SIGTERM. An algorithm that is registered already stays.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="algorithm">An algorithm with at least one step.</param>
    /// <param name="configure">Changes the options; may be null.</param>
    /// <exception cref="T:System.ArgumentException">An option is out of its range; all of them are named.</exception>
    [<Extension>]
    static member AddKta
        (services: IServiceCollection, algorithm: Algorithm, configure: Action<KtaOptions> | null)
        : IServiceCollection =
        ArgumentNullException.ThrowIfNull algorithm
        KtaExtensions.AddKta(services, Func<IServiceProvider, Algorithm>(fun _ -> algorithm), configure)

    /// <inheritdoc cref="M:Kta.Functional.Http.KtaExtensions.AddKta(Microsoft.Extensions.DependencyInjection.IServiceCollection,Kta.Functional.Algorithm,System.Action{Kta.Functional.Http.KtaOptions})"/>
    [<Extension>]
    static member AddKta(services: IServiceCollection, algorithm: Algorithm) : IServiceCollection =
        KtaExtensions.AddKta(services, algorithm, null)

    /// <summary>Serves the steps an algorithm has, and the probes of a pod at <c>HealthPath</c>.</summary>
    /// <param name="endpoints">The endpoints of the application.</param>
    /// <param name="algorithm">An algorithm with at least one step.</param>
    /// <param name="options">Prefix, path of the probes, time limit and body size.</param>
    /// <returns>The conventions of the steps: attach authorization, rate limits and the like here. Probes need none.</returns>
    /// <exception cref="T:Kta.Functional.IllegalStateException">The algorithm has no step, or something is mapped at its path already.</exception>
    /// <exception cref="T:System.ArgumentException">An option is out of its range; all of them are named.</exception>
    [<Extension>]
    static member MapKta
        (endpoints: IEndpointRouteBuilder, algorithm: Algorithm, options: KtaOptions)
        : IEndpointConventionBuilder =
        ArgumentNullException.ThrowIfNull endpoints
        ArgumentNullException.ThrowIfNull algorithm
        ArgumentNullException.ThrowIfNull options
        options.Validate()
        let services = endpoints.ServiceProvider
        let options, report = KtaServices.configured services options
        KtaServices.log services report
        let served = StepEndpoints.ofAlgorithm (services.GetService<IMeterFactory>()) algorithm options
        let mapped = (KtaServices.mappedAt endpoints).Add served

        match services.GetService<IHostApplicationLifetime>() with
        | null -> ()
        | lifetime -> lifetime.ApplicationStarted.Register served.ShowInstruments |> ignore

        KtaServices.reserveThreads services options
        mapped

    /// <summary>Serves the steps an algorithm has, and the probes of a pod at <c>HealthPath</c>.</summary>
    /// <param name="endpoints">The endpoints of the application.</param>
    /// <param name="algorithm">An algorithm with at least one step.</param>
    /// <param name="configure">Changes the options; may be null.</param>
    /// <returns>The conventions of the steps: attach authorization, rate limits and the like here. Probes need none.</returns>
    /// <exception cref="T:Kta.Functional.IllegalStateException">The algorithm has no step, or something is mapped at its path already.</exception>
    /// <exception cref="T:System.ArgumentException">An option is out of its range; all of them are named.</exception>
    [<Extension>]
    static member MapKta
        (endpoints: IEndpointRouteBuilder, algorithm: Algorithm, configure: Action<KtaOptions> | null)
        : IEndpointConventionBuilder =
        KtaExtensions.MapKta(endpoints, algorithm, KtaServices.optionsOf configure)

    /// <summary>Serves the steps an algorithm has, and the probes of a pod, with the default options.</summary>
    /// <param name="endpoints">The endpoints of the application.</param>
    /// <param name="algorithm">An algorithm with at least one step.</param>
    /// <returns>The conventions of the steps: attach authorization, rate limits and the like here. Probes need none.</returns>
    /// <exception cref="T:Kta.Functional.IllegalStateException">The algorithm has no step, or something is mapped at its path already.</exception>
    [<Extension>]
    static member MapKta(endpoints: IEndpointRouteBuilder, algorithm: Algorithm) : IEndpointConventionBuilder =
        KtaExtensions.MapKta(endpoints, algorithm, KtaOptions())

    /// <summary>Serves the steps of the algorithm that <c>services.AddKta(…)</c> has registered, and the probes of a pod.</summary>
    /// <param name="endpoints">The endpoints of the application.</param>
    /// <returns>The conventions of the steps: attach authorization, rate limits and the like here. Probes need none.</returns>
    /// <exception cref="T:Kta.Functional.IllegalStateException">There is no algorithm, it has no step, or something is mapped at its path already.</exception>
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
