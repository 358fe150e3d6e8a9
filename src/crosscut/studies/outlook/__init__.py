"""Outlooks: a YAML file over years -> draws -> every year solved -> one result document of kind `outlook`."""
