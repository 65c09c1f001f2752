-- As acts_are_told. Not "CatalogueColumn": a catalogue is replaced 100,000 rows at a time, and each would be looked at by itself.
select audit.demand_acts_on('"DataSource"'), audit.demand_acts_on('"DataKey"');
