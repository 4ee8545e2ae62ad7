/// Certificates of a test, and who trusts them.
module Kta.Functional.Tests.Http.Certificates

open System
open System.IO
open System.Net.Http
open System.Net.Security
open System.Security.Cryptography
open System.Security.Cryptography.X509Certificates
open System.Threading.Tasks

let private request (name: string) (key: RSA) =
    CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)

let private dates () = DateTimeOffset.UtcNow.AddDays -1.0, DateTimeOffset.UtcNow.AddDays 1.0

/// An authority, and how it signs.
let newAuthority () =
    let made = request "CN=authority" (RSA.Create 2048)
    made.CertificateExtensions.Add(X509BasicConstraintsExtension(true, false, 0, true))
    let own = made.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays -2.0, DateTimeOffset.UtcNow.AddDays 2.0)

    let sign (usage: string) =
        use key = RSA.Create 2048
        let made = request "CN=localhost" key
        let names = SubjectAlternativeNameBuilder()
        names.AddIpAddress Net.IPAddress.Loopback
        made.CertificateExtensions.Add(names.Build())
        let usages = OidCollection()
        usages.Add(Oid usage) |> ignore
        made.CertificateExtensions.Add(X509EnhancedKeyUsageExtension(usages, false))
        let from, until = dates ()
        use signed = made.Create(own, from, until, Guid.NewGuid().ToByteArray())
        signed.CopyWithPrivateKey key

    own, sign

let forServers = "1.3.6.1.5.5.7.3.1"
let forClients = "1.3.6.1.5.5.7.3.2"

/// The two files of a secret of Kubernetes, and settings that name them.
let files (folder: string) (certificate: X509Certificate2) =
    let chain, key = Path.Combine(folder, "tls.crt"), Path.Combine(folder, "tls.key")
    File.WriteAllText(chain, certificate.ExportCertificatePem())
    File.WriteAllText(key, (nonNull (certificate.GetRSAPrivateKey())).ExportPkcs8PrivateKeyPem())

    [|
        "--Kestrel:Endpoints:Https:Url=https://127.0.0.1:0"
        $"--Kestrel:Endpoints:Https:Certificate:Path={chain}"
        $"--Kestrel:Endpoints:Https:Certificate:KeyPath={key}"
    |]

let inFolder (work: string -> Task<unit>) = task {
    let folder = Directory.CreateTempSubdirectory("kta-tls").FullName

    try
        do! work folder
    finally
        Directory.Delete(folder, true)
}

/// A client that trusts this authority, and shows a certificate or none.
let clientOf (trusted: X509Certificate2) (shown: X509Certificate2 option) =
    let handler = new SocketsHttpHandler(UseProxy = false)

    let policy =
        X509ChainPolicy(TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck)

    policy.CustomTrustStore.Add trusted |> ignore
    handler.SslOptions <- SslClientAuthenticationOptions(CertificateChainPolicy = policy)

    match shown with
    | None -> ()
    | Some certificate ->
        handler.SslOptions.ClientCertificates <- X509CertificateCollection [| certificate :> X509Certificate |]
        handler.SslOptions.LocalCertificateSelectionCallback <- fun _ _ _ _ _ -> certificate

    new HttpClient(handler)
