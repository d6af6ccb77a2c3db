package socks

// Behind returns what stands behind what one side says, of b, with which it
// begins; nil and true if more will tell; nil and false if it is nothing of SOCKS.
func Behind(b []byte) (rest []byte, may bool) {
	for _, all := range dialogs {
		if rest, wait := behind(b, all); len(rest) > 0 {
			return rest, false
		} else if wait {
			may = true
		}
	}
	return nil, may
}

// dialogs are the messages of one side, in order, with and without a password.
var dialogs = [...][]func([]byte) int{
	{greeting, connect}, {greeting, password, connect}, {connect4},
	{selection, reply}, {selection, verdict, reply}, {reply4},
}

// behind is Behind for some messages.
func behind(b []byte, messages []func([]byte) int) (rest []byte, may bool) {
	for _, sizeOf := range messages {
		switch n := sizeOf(b); {
		case n == wrong:
			return nil, false
		case n > len(b):
			return nil, true
		default:
			b = b[n:]
		}
	}
	return b, len(b) == 0
}
