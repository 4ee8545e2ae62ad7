namespace Kta.Cli;

/// <summary>Keeps a second process from deciding with the same store: it waits, and takes over when the first has ended.</summary>
internal sealed class InstanceLock : IDisposable
{
    private static readonly TimeSpan s_again = TimeSpan.FromMilliseconds(250);
    private readonly FileStream _file;

    private InstanceLock(FileStream file) => _file = file;

    /// <summary>Waits until no other process has it. The kernel frees it, however that process ends.</summary>
    /// <param name="store">The store; the lock is a file beside it.</param>
    /// <param name="waiting">Is told once that somebody else has it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="CommandFailedException">The file cannot be opened at all.</exception>
    internal static async Task<InstanceLock> AcquireAsync(string store, Action waiting, CancellationToken cancellationToken)
    {
        var path = $"{store}.lock";
        for (var hasTold = false; ; await Task.Delay(s_again, cancellationToken))
        {
            try
            {
                return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (Exception error) when (error is UnauthorizedAccessException or DirectoryNotFoundException)
            {
                throw new CommandFailedException($"{path} cannot be opened: {error.Message} It keeps two processes from deciding at once. Name another place with --store.", error);
            }
            catch (IOException) when (File.Exists(path))
            {
                if (!hasTold)
                {
                    waiting();
                    hasTold = true;
                }
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
