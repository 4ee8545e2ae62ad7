// .NET Standard 2.0 has no Index; list patterns are compiled to it.
namespace System;

internal readonly struct Index(int value, bool fromEnd = false)
{
    internal int GetOffset(int length) => fromEnd ? length - value : value;
}
