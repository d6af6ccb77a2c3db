package otlp

// appendSubject appends what is asked about; nothing if that has no type.
func appendSubject(dst []byte, field protoNumber, kind, id, name, container string) []byte {
	switch kind {
	case "":
	case "container":
		dst = appendText(dst, field, "container.id", id)
		dst = appendText(dst, field, "container.name", name)
	case "exec":
		dst = appendText(dst, field, "socktrace.subject.id", id)
		dst = appendText(dst, field, "container.name", container)
	default:
		dst = appendText(dst, field, "socktrace.subject.id", id)
		dst = appendText(dst, field, "socktrace.subject.name", name)
	}
	return appendText(dst, field, "socktrace.subject.type", kind)
}
