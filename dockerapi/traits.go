package dockerapi

// Traits say what of an exchange is secret as a whole, or in a way of its own.
// An exchange may have several.
type Traits uint16

const (
	Login        Traits = 1 << iota // a password goes in, and a token comes back
	Data                            // the documents have secrets and configs in them
	Authz                           // a daemon shows an authorization plugin somebody's exchange
	Pairs                           // the request's document is an array of "NAME=value"
	Sealed                          // once HTTP has ended, both directions carry what cannot be looked into
	Input                           // once HTTP has ended, the client sends what somebody types
	SessionParam                    // the parameter "session" gives access to the client
	TarRequest                      // the request's body is an archive
	TarResponse                     // the response's body is an archive
	Hidden                          // the request's body is a secret, whatever it is
	Progress                        // the response tells of a build, with its command lines, which may be encoded
)
