using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kta.Functional.Monitoring.Servers;

/// <summary>Connections to a server: whom they trust, and who they say they are.</summary>
internal static class Connection
{
    /// <exception cref="ArgumentException">A certificate cannot be read.</exception>
    internal static SocketsHttpHandler Of(ServerOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            MaxConnectionsPerServer = 16,
            AutomaticDecompression = DecompressionMethods.All,
            // The names of services move to other addresses.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        try
        {
            if (options.CertificateAuthorityFile is { } authorities)
            {
                var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
                policy.CustomTrustStore.ImportFromPemFile(authorities);
                handler.SslOptions.CertificateChainPolicy = policy;
            }

            if (options is { ClientCertificateFile: { } certificate, ClientKeyFile: { } key })
            {
                using var readable = X509Certificate2.CreateFromPemFile(certificate, key);
                handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => X509Certificate2.CreateFromPemFile(certificate, key);
            }
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            handler.Dispose();
            throw new ArgumentException($"A certificate for {options.Address} cannot be read: {error.Message}", error);
        }

        return handler;
    }
}
