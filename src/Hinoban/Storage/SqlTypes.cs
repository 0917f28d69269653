using System.Data;
using System.Globalization;
using System.Text;
using Dapper;

namespace Hinoban.Storage;

/// <summary>
/// How our types are stored: an instant as UTC microseconds since 1970 in a 64-bit integer, portable and sortable. Texts come from strangers too: what no database can hold
/// (NUL, halves of characters) is replaced on the way in, so that nobody's output can keep a batch from being counted.
/// </summary>
internal static class SqlTypes
{
    private static readonly Lock Once = new();
    private static bool registered;

    internal static void Register()
    {
        lock (Once)
        {
            if (!registered)
            {
                SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
                SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
                SqlMapper.AddTypeHandler(new InstantHandler());
                SqlMapper.RemoveTypeMap(typeof(string));
                SqlMapper.AddTypeHandler(typeof(string), new TextHandler());
                registered = true;
            }
        }
    }

    internal static long ToMicros(DateTimeOffset instant) => (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    internal static DateTimeOffset FromMicros(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);

    /// <summary>The text as every database can hold it.</summary>
    internal static string Storable(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\ud800', '\udfff') && !text.Contains('\0', StringComparison.Ordinal))
        {
            return text;
        }

        var whole = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            whole.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        }

        return whole.ToString();
    }

    // Not Dapper's own base class: that says nothing of a null's type, and one server wants to know it.
    private sealed class TextHandler : SqlMapper.ITypeHandler
    {
        public object Parse(Type destinationType, object value) => value as string ?? Convert.ToString(value, CultureInfo.InvariantCulture)!;

        public void SetValue(IDbDataParameter parameter, object value)
        {
            parameter.DbType = DbType.String;
            parameter.Value = value is string text ? Storable(text) : DBNull.Value;
        }
    }

    private sealed class InstantHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => FromMicros((long)value);

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value)
        {
            parameter.DbType = DbType.Int64;
            parameter.Value = ToMicros(value);
        }
    }
}
