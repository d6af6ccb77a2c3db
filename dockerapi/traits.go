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
)

// ofBodies are the traits of what a request or response has in its body, which
// depends on the method.
const ofBodies = Login | TarRequest | TarResponse

// traits returns all the traits of o: those that its shapes tell, too.
func (o *Operation) traits() Traits {
	t := o.Traits
	if o.RequestBody == Tar {
		t |= TarRequest
	}
	switch o.Response {
	case Tar:
		t |= TarResponse
	case Hijack, WebSocket:
		t |= Input
	case H2C:
		t |= Sealed
	}
	return t
}
