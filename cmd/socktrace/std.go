package main

import "os"

// std is what the program got from its caller.
type std struct {
	in, out, errFile *os.File
	err              *messages // to errFile
	getenv           func(string) string
}

// processStd returns what this process got.
func processStd() std {
	return std{in: os.Stdin, out: os.Stdout, errFile: os.Stderr, err: newMessages(os.Stderr), getenv: os.Getenv}
}
