"""Reads AsyncAPI documents, proves what they promise, and writes servers, clients, schemas and docs."""
