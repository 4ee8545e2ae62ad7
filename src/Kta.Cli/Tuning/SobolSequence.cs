namespace Kta.Cli;

/// <summary>
/// Points that fill a cube evenly, and evenly again with every doubling: I. M. Sobol (1967), with the direction numbers of S. Joe and
/// F. Y. Kuo, "Constructing Sobol sequences with better two-dimensional projections" (2008).
/// </summary>
internal static class SobolSequence
{
    private const int Bits = 32;

    // Degree and coefficients of the primitive polynomial, and the initial numbers; the first dimension needs none.
    private static readonly (int Degree, uint Coefficients, uint[] Initial)[] s_dimensions =
    [
        (1, 0, [1]), (2, 1, [1, 3]), (3, 1, [1, 3, 1]), (3, 2, [1, 1, 1]), (4, 1, [1, 1, 3, 3]), (4, 4, [1, 3, 5, 13]),
        (5, 2, [1, 1, 5, 5, 17]), (5, 4, [1, 1, 5, 5, 5]), (5, 7, [1, 1, 7, 11, 19]), (5, 11, [1, 1, 5, 1, 1]), (5, 13, [1, 1, 1, 3, 11]),
        (5, 14, [1, 3, 5, 5, 31]), (6, 1, [1, 3, 3, 9, 7, 49]), (6, 13, [1, 1, 1, 15, 21, 21]), (6, 16, [1, 3, 1, 13, 27, 49]),
        (6, 19, [1, 1, 1, 15, 7, 5]), (6, 22, [1, 3, 1, 15, 13, 25]), (6, 25, [1, 1, 5, 5, 19, 61]), (7, 1, [1, 3, 7, 11, 23, 15, 103]),
        (7, 4, [1, 3, 7, 13, 13, 15, 69]),
    ];

    internal static int MostDimensions => s_dimensions.Length + 1;

    /// <summary>A point of the unit cube.</summary>
    /// <param name="index">From 0; the point 0 is the corner where all are 0.</param>
    /// <param name="dimensions">From 1 to <see cref="MostDimensions"/>.</param>
    internal static double[] Point(uint index, int dimensions) => [.. Enumerable.Range(0, dimensions).Select(d => Coordinate(index, d))];

    private static double Coordinate(uint index, int dimension)
    {
        var (gray, directions, sum) = (index ^ (index >> 1), Directions(dimension), 0u);
        for (var bit = 0; bit < Bits; bit++)
        {
            sum ^= ((gray >> bit) & 1) == 1 ? directions[bit] : 0;
        }

        return sum / 4_294_967_296.0;
    }

    private static uint[] Directions(int dimension)
    {
        var directions = new uint[Bits];
        if (dimension == 0)
        {
            return [.. directions.Select((_, i) => 1u << (Bits - 1 - i))];
        }

        var (degree, coefficients, initial) = s_dimensions[dimension - 1];
        for (var i = 0; i < Bits; i++)
        {
            if (i < degree)
            {
                directions[i] = initial[i] << (Bits - 1 - i);
                continue;
            }

            directions[i] = directions[i - degree] ^ (directions[i - degree] >> degree);
            for (var k = 1; k < degree; k++)
            {
                directions[i] ^= ((coefficients >> (degree - 1 - k)) & 1) * directions[i - k];
            }
        }

        return directions;
    }
}
