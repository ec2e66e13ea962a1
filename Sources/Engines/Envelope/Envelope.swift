// Envelope
