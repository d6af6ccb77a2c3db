package form

import "github.com/socktrace/socktrace/redact/internal/chars"

// What secrets consist of.
var (
	base64url  = chars.Of("aA0", "-_")
	base64any  = chars.Of("aA0", "+/=-_")
	dotted     = chars.Of("aA0", "-_.")
	token68    = chars.Of("aA0", "-._~+/=") // RFC 9110, section 11.2
	pemText    = chars.Of("aA0", "+/=-:,._|\\ \t\r\n")
	pemLabel   = chars.Of("A0", " ")
	digits     = chars.Of("0", "")
	userChars  = chars.Of("", " \t\r\n/@:'\"<>?#\\`(){}[]|\x00").Not()
	pathChars  = chars.Of("aA0", "/._-~%") // of a path in which there are two slashes in a row
	nameChars  = chars.Of("aA0", "_.-%[]+")
	paramChars = chars.Of("", " \t\r\n'\"<>&#;\\`{}|()[]\x00").Not()
	passChars  = chars.Of("", " \t\r\n/'\"<>?#\\`\x00").Not()
)
