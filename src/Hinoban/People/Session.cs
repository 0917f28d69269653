namespace Hinoban.People;

/// <summary>
/// An account signed in at the console. <see cref="Stamp"/> changes with the password and when the account is disabled, which ends
/// every session that carries an older one; <see cref="MustChange"/>: the password was chosen by somebody else.
/// </summary>
internal sealed record Session(Actor Actor, string Stamp, bool MustChange);

/// <summary>What became of a try to sign in. <see cref="Slowed"/>: too many wrong ones before it, so that this one was not looked at.</summary>
internal sealed record SignInAnswer(Session? Session, bool Slowed = false);
