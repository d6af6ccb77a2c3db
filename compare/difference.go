package compare

// A Difference is one thing in which two values differ.
type Difference struct {
	// Place says where: "method", "path", "query all", "header Accept", "status", "body
	// HostConfig.Memory".
	Place string
	// A and B are the values, as text: those of documents are JSON. HasA and HasB say whether
	// there is one.
	A, B       string
	HasA, HasB bool
}
