package wire

// Opening is what the first bytes of a direction show of a connection.
type Opening uint8

const (
	OpensNothing  Opening = iota // known
	OpensUnclear                 // more bytes will tell
	OpensRequest                 // a client begins to speak
	OpensResponse                // a server answers
	OpensGreeting                // a server may have begun to speak before its client
)
